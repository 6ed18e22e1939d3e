"""What a question says, apart from how it says it."""
