"""Every public float says its unit at the end of its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import tree

UNITS = (
    "_m", "_m2", "_m3", "_s", "_m_s", "_m_s2", "_rad", "_rad_s", "_rad_s2", "_rad2_s", "_kg", "_kg_m2", "_kg_m3",
    "_n", "_nm", "_n_s", "_pa", "_k", "_k_m", "_hz", "_px", "_px2", "_lux", "_lx", "_j_kg", "_j_kg_k", "_per_s", "_per_m",
    "_m2_kg", "_enu_m", "_g", "_share",
)  # fmt: skip
# units of the trade: only where the trade is spoken to
EDGE_UNITS = ("_deg", "_ft", "_kt", "_hpa", "_in", "_mm", "_min", "_h", "_c", "_stops", "_ei", "_um")
EDGES = (
    "units.py",
    "axes.py",
    "jump.py",
    "api/",
    "cli/",
    "show/",
    "shot/",
    "weather/",
    "plan/",
    "rules/",
    "lens/",
    "logbook/",
)
# plain numbers: counts, ratios, probabilities
DIMENSIONLESS = {
    "arch", "area_scale", "behind", "black", "border", "breathing", "by", "cap", "caught", "coefficient", "correlation",
    "done", "drift", "drift_sigma", "f_number", "fore", "fore_aft", "fore_per_tilt", "glide", "growth",
    "half_share", "misfit", "motor_noise", "needed_f_number", "p", "p_high", "p_low", "p_sharp", "push_per_tilt",
    "range_bias", "range_noise", "ratio", "reach", "residual", "room", "scale", "share", "side", "side_per_tilt",
    "t_stop", "tangential", "total", "trim_drift", "turn", "wants_t_stop", "white", "widest_t_stop", "z",
}  # fmt: skip
# numbers whose unit stands beside them (a prior, a criterion, a margin), is the shot file's own word (`to`, `ei`),
# or mixes units inside one formula of one function (a filter's coefficients, a control law's gains)
UNIT_BESIDE = {
    "approach_gain", "density", "ei", "high", "level", "likely", "limit", "low", "lower", "margin", "output_p", "output_q", "p05", "p50",
    "p95", "reflex_rate_gain", "shift", "sigma", "start", "start_pp", "start_qp", "start_qq", "stop", "stops_over", "to", "tolerance",
    "within_stops", "within_ticks",
    "upper", "value",
}  # fmt: skip


# a drawing holds any quantity, and its own sizes are pixels
DRAWINGS = ("show/svg.py", "show/markup.py")


def _is_float(annotation: ast.expr | None) -> bool:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    if isinstance(annotation, ast.BinOp):
        return _is_float(annotation.left) or _is_float(annotation.right)
    return isinstance(annotation, ast.Name) and annotation.id == "float"


def _public_floats(body: list[ast.stmt], owner: str = "") -> Iterator[tuple[str, str]]:
    """Pairs of owner and name: arguments of public functions, fields of public classes."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public_floats(node.body, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("_") and node.name != "__init__":
                continue
            args = node.args
            for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs):
                if _is_float(arg.annotation):
                    yield f"{owner}{node.name}", arg.arg
        elif owner and isinstance(node, ast.AnnAssign) and _is_float(node.annotation):
            name = ast.unparse(node.target)
            if not name.startswith("_"):
                yield owner.rstrip("."), name


def _says_its_unit(name: str, place: str) -> bool:
    if place in DRAWINGS or name in DIMENSIONLESS | UNIT_BESIDE or name.endswith(UNITS):
        return True
    at_the_edge = any(place == edge or (edge.endswith("/") and place.startswith(edge)) for edge in EDGES)
    return at_the_edge and name.endswith(EDGE_UNITS)


def test_every_public_float_says_its_unit() -> None:
    silent = [
        f"{tree.inside(path)}: {owner}({name})"
        for path in tree.sources()
        for owner, name in _public_floats(tree.parsed(path).body)
        if not _says_its_unit(name, tree.inside(path))
    ]
    assert not silent, "end the name in its unit, or list it as dimensionless in tests/shape/test_names.py"


def test_the_scan_sees_what_it_should() -> None:
    source = (
        "def fly(height: float, height_m: float | None, n: int) -> None: ...\nclass A:\n    speed: float\n"
    )
    seen = list(_public_floats(ast.parse(source).body))
    assert seen == [("fly", "height"), ("fly", "height_m"), ("A", "speed")]
    assert [_says_its_unit(name, "fly/state.py") for _, name in seen] == [False, True, False]


def test_no_height_is_bare() -> None:
    bare = {"altitude", "altitude_m", "height", "alt", "alt_m"}
    found = {
        (tree.inside(path), name)
        for path in tree.sources()
        for _, name in _public_floats(tree.parsed(path).body)
        if name in bare and tree.inside(path) not in DRAWINGS
    }
    # Contingency.altitude_m: the jump card's word for the height by which somebody acts
    assert found <= {("jump.py", "altitude_m")}, (
        "a height is height_agl_m, altitude_msl_m, height_wgs84_m or pressure_altitude_m"
    )


def test_no_excuse_is_kept_that_nothing_needs() -> None:
    used = {name for path in tree.sources() for _, name in _public_floats(tree.parsed(path).body)}
    assert (DIMENSIONLESS | UNIT_BESIDE) - used == set()
