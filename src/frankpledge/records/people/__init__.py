"""Persons that agencies have told us of, and proposals that two of them are one: seen by need to know only."""
