"""The roles people hold in emulation and commendation."""

from engine.setup import Role

_ALL = (
    Role(
        "unit_officer",
        "Cán bộ thi đua, khen thưởng đơn vị",
        "Unit officer",
        per_unit=True,
        head_role="unit_head",
    ),
    Role("unit_head", "Thủ trưởng đơn vị", "Head of unit", per_unit=True),
    Role("appraisal_officer", "Chuyên viên thẩm định", "Appraisal officer", head_role="agency_head"),
    Role(
        "agency_head",
        "Trưởng ban Thi đua - Khen thưởng",
        "Head of the standing agency",
        head_role="home_affairs_director",
    ),
    Role("council_secretary", "Thư ký Hội đồng", "Council secretary", head_role="agency_head"),
    Role("council_member", "Ủy viên Hội đồng", "Council member"),
    Role("council_chair", "Chủ tịch Hội đồng", "Council chair", head_role="agency_head"),
    Role("clerk", "Văn thư", "Clerk", head_role="city_office"),
    Role("chairman", "Chủ tịch Ủy ban nhân dân thành phố", "Chairman", head_role="city_office"),
    Role(
        "consulted_agency",
        "Cơ quan được xin ý kiến",
        "Consulted agency",
        per_unit=True,
        head_role="unit_head",
    ),
    Role("inspector", "Cán bộ kiểm tra", "Inspector", head_role="agency_head"),
    Role("process_administrator", "Quản trị quy trình", "Process administrator"),
    Role("system_administrator", "Quản trị hệ thống", "System administrator"),
    Role("auditor", "Cán bộ giám sát hệ thống", "Auditor"),
    Role("home_affairs_director", "Giám đốc Sở Nội vụ", "Director of Home Affairs"),
    Role("city_office", "Văn phòng Ủy ban nhân dân thành phố", "City office"),
)

ROLES = {role.code: role for role in _ALL}

SEES_EVERYTHING = frozenset(
    {
        "appraisal_officer",
        "agency_head",
        "council_secretary",
        "clerk",
        "chairman",
        "home_affairs_director",
        "city_office",
        "auditor",
    }
)
"""Who may read every dossier, session and decision (never an envelope)."""

ADMINISTERS = frozenset({"process_administrator", "system_administrator"})
"""Who may cancel instances, hand over anybody's task and retry incidents."""

OVERSEER = "agency_head"
"""Who is told of what is late for long, and of what nobody else can be told."""
