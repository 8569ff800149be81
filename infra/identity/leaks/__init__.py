"""Reports of API keys that were found in public: who has signed a report, and which keys it names."""
