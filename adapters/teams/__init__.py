"""Teams: activities and invokes in; markdown, cards and updates out."""
