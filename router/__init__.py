"""Who answers a query, and getting the answer. Knows no chat platform and no SQL."""
