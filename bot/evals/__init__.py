"""The weekly sample and its review, what they show, and what follows from it: report, gate, tuning, advice."""
