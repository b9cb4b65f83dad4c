"""How dates, times, numbers and money are written on a page."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from engine.clock import CITY_ZONE
from engine.models import Person, Unit
from web.i18n import gettext as _
from web.i18n import pick

MEGABYTE = 1_000_000


def day(value: date | datetime | None) -> str:
    """Write a date as dd/MM/yyyy; a moment as its date in the city."""
    if value is None:
        return ""
    return _local_day(value).strftime("%d/%m/%Y")


def moment(value: datetime | None) -> str:
    """Write a moment as dd/MM/yyyy HH:mm in the city's time."""
    return value.astimezone(CITY_ZONE).strftime("%d/%m/%Y %H:%M") if value else ""


def time_of_day(value: datetime) -> str:
    """Write the time of a moment as HH:mm in the city's time."""
    return value.astimezone(CITY_ZONE).strftime("%H:%M")


def weekday(value: date | datetime) -> str:
    """Name the day of the week."""
    names = (
        _("Thứ Hai"),
        _("Thứ Ba"),
        _("Thứ Tư"),
        _("Thứ Năm"),
        _("Thứ Sáu"),
        _("Thứ Bảy"),
        _("Chủ nhật"),
    )
    return names[_local_day(value).weekday()]


def weekday_and_day(value: date | datetime) -> str:
    """Write "Thứ Năm, 19/11"."""
    return f"{weekday(value)}, {_local_day(value):%d/%m}"


def number(value: float | Decimal | None) -> str:
    """Write a number with dots between thousands and a comma before decimals."""
    if value is None:
        return ""
    text = f"{Decimal(str(value)):,f}"
    return text.translate(str.maketrans(",.", ".,"))


def file_size(size_bytes: int) -> str:
    """Write a size in kB or MB, one decimal at most."""
    if size_bytes < MEGABYTE:
        return f"{max(1, round(size_bytes / 1000))} kB"
    return number(round(Decimal(size_bytes) / MEGABYTE, 1)) + " MB"


def initials(full_name: str) -> str:
    """Return the first letters of middle and given name: "Vũ Hạ Miên" gives "HM"."""
    return "".join(word[0].upper() for word in full_name.split()[-2:])


def read_day(text: str) -> date:
    """Read a date written dd/MM/yyyy.

    Raises:
        ValueError: it is no date.

    """
    return datetime.strptime(text.strip(), "%d/%m/%Y").replace(tzinfo=CITY_ZONE).date()


def unit_options(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """Return units as choices of a select."""
    return [(unit.code, pick(unit.name, unit.name_en)) for unit in units]


def people_options(people: Iterable[Person]) -> list[tuple[int, str]]:
    """Return people as choices of a select."""
    return [
        (one.id, f"{one.full_name}, {one.job_title}" if one.job_title else one.full_name) for one in people
    ]


def _local_day(value: date | datetime) -> date:
    return value.astimezone(CITY_ZONE).date() if isinstance(value, datetime) else value
