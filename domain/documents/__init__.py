"""The parts of documents: their events, their lines with prices, and their payments."""
