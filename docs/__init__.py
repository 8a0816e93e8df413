"""What is written about the workbook, and the programs that make parts of it."""
