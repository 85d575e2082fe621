"""What is found: matching, order, counts, reasons and ways to look wider."""
