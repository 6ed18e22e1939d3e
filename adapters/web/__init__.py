"""The chat page in the browser: the demo's front, and a third platform for the contract tests."""
