"""Every area of the site: one Blueprint each, in one list."""

from flask import Blueprint

from web import (
    catalogue,
    consequences,
    council,
    decisions,
    definitions,
    dossiers,
    inbox,
    incidents,
    inspections,
    login,
    operations,
    people,
    profile,
    sent_mails,
    start,
    studio,
    studio_beginning,
    studio_files,
    tasks,
    uploads,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    start.pages,
    login.pages,
    profile.pages,
    inbox.pages,
    tasks.pages,
    uploads.pages,
    dossiers.pages,
    council.pages,
    decisions.pages,
    inspections.pages,
    people.pages,
    catalogue.pages,
    definitions.pages,
    consequences.pages,
    operations.pages,
    studio.pages,
    studio_beginning.pages,
    studio_files.pages,
    sent_mails.pages,
    incidents.pages,
)
