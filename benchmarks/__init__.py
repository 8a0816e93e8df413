"""What the workbook's speed is measured with: ``python3 workbook.py bench``."""
