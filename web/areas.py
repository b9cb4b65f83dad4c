"""Every area of the site: one Blueprint each, in one list."""

from flask import Blueprint

from web import definitions, incidents, login, people, profile, sent_mails, start

BLUEPRINTS: tuple[Blueprint, ...] = (
    start.pages,
    login.pages,
    profile.pages,
    people.pages,
    definitions.pages,
    sent_mails.pages,
    incidents.pages,
)
