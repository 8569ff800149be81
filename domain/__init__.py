"""The rules of the business: aggregates and their events. This package uses neither HTTP nor SQL."""
