"""One package per chat platform; each turns the platform's payloads into the bot's types and back. What two need stands beside them."""
