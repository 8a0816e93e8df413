"""The site: the notebooks as they are stored, to read in a browser."""
