"""What the rules ask of each nominee, and what units declare of nominees."""

import json
from collections.abc import Sequence
from importlib import resources

import sqlalchemy as sa
from alembic import op

from engine.text import fold

revision: str = "awards_0002"
down_revision: str | Sequence[str] | None = "awards_0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward; rules and nominees that are there can be judged at once."""
    with op.batch_alter_table("award_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("conditions", sa.JSON(), server_default="[]", nullable=False))

    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_key", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("born_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("prior_awards", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("serves_since_year", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("member_count", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("advanced_worker_count", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("emulation_fighter_count", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_nominee_name_key"), ["name_key"], unique=False)
    _write_conditions()
    _write_name_keys()


def _write_conditions() -> None:
    """Give the rule sets that are there what the catalogue asks today: no page writes conditions yet."""
    award = sa.table("award", sa.column("id"), sa.column("slug"))
    rule = sa.table("award_rule", sa.column("award_id"), sa.column("conditions", sa.JSON()))
    connection = op.get_bind()
    ids = {slug: number for number, slug in connection.execute(sa.select(award.c.id, award.c.slug))}
    for entry in json.loads(resources.files("processes.awards").joinpath("awards.json").read_text("utf-8")):
        if entry.get("conditions") and entry["slug"] in ids:
            found = rule.c.award_id == ids[entry["slug"]]
            connection.execute(rule.update().where(found).values(conditions=entry["conditions"]))


def _write_name_keys() -> None:
    nominee = sa.table("nominee", sa.column("id"), sa.column("name"), sa.column("name_key"))
    connection = op.get_bind()
    for number, name in connection.execute(sa.select(nominee.c.id, nominee.c.name)).all():
        connection.execute(nominee.update().where(nominee.c.id == number).values(name_key=fold(name)))


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nominee_name_key"))
        batch_op.drop_column("emulation_fighter_count")
        batch_op.drop_column("advanced_worker_count")
        batch_op.drop_column("member_count")
        batch_op.drop_column("serves_since_year")
        batch_op.drop_column("prior_awards")
        batch_op.drop_column("born_on")
        batch_op.drop_column("name_key")

    with op.batch_alter_table("award_rule", schema=None) as batch_op:
        batch_op.drop_column("conditions")
