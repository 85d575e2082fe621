"""What is asked: from an address or a text to a question."""
