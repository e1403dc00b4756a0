"""Audits of a site without a link: a kit is carried there, and its result is brought back."""
