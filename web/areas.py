"""Every area of the site: one Blueprint each, in one list."""

from flask import Blueprint

from web import catalogue, definitions, dossiers, incidents, login, people, profile, sent_mails, start

BLUEPRINTS: tuple[Blueprint, ...] = (
    start.pages,
    login.pages,
    profile.pages,
    dossiers.pages,
    people.pages,
    catalogue.pages,
    definitions.pages,
    sent_mails.pages,
    incidents.pages,
)
