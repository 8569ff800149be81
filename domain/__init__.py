"""The rules of the business: aggregates and their events. It knows neither HTTP nor SQL."""
