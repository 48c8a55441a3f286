"""Parcel keeps boxes of files for people and lets them share what is in them."""
