"""The tables of what is watched."""

import sqlalchemy as sa

metadata = sa.MetaData()

#: The papers in the order in which they were first seen. Numbers are given under the database's
#: write lock, so a higher one is never visible before a lower one.
arrivals = sa.Table(
    "arrivals",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("paper_id", sa.Text, nullable=False, unique=True),
    sa.Column("at", sa.String(32), nullable=False),
    sqlite_autoincrement=True,
)

#: `filters` are the question's, as JSON; `checked` is the number of the last arrival looked at.
watches = sa.Table(
    "watches",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("filters", sa.JSON, nullable=False),
    sa.Column("address", sa.Text, index=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("checked", sa.Integer, nullable=False),
)

#: `quotes` are [start, end, text] of each sentence that answers.
findings = sa.Table(
    "findings",
    metadata,
    sa.Column("watch", sa.String(32), primary_key=True),
    sa.Column("paper_id", sa.Text, primary_key=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("quotes", sa.JSON, nullable=False),
)

#: `since` is the number of the last arrival before the person was entered.
recipients = sa.Table(
    "recipients",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("token", sa.String(64), nullable=False, unique=True),
    sa.Column("since", sa.Integer, nullable=False),
)

#: The papers that each person has been told of.
sent = sa.Table(
    "sent",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("paper_id", sa.Text, primary_key=True),
)
