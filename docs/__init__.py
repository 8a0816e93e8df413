"""What is made of the notebooks: tables, and the site."""
