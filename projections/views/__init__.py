"""The data of all reads other than lists: events, histories, the pages Activity and Home, and the account."""
