"""Profiles of regions and groups: what reports write on the page of a city."""

from ecosystem.profiles.profile import Profile, profile

__all__ = ["Profile", "profile"]
