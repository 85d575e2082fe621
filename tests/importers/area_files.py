"""Files of official areas, made from the areas that the tests know, in every layout."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.models.terms import AreaLevel

Json = dict[str, Any]
TO_RD = Transformer.from_crs(4326, 28992, always_xy=True)
NAMES = {"wijk": "Wijk", "buurt": "Buurt", "stadsdeel": "Stadsdeel", "gebied": "Gebied"}
CBS = {"wijk": "WK", "buurt": "BU"}


def of_maps(node: AreaNode) -> Json:
    """As maps.amsterdam.nl writes it, with its slip in the code of CBS."""
    name = NAMES[node.level]
    told = {f"CBS_{name}code": f"BU0363{node.code}", f"{name}code": node.code, name: node.name}
    return {**told, "Stadsdeelcode": node.code[0], "Oppervlakte_m2": 257542}


def of_api(node: AreaNode) -> Json:
    """As api.data.amsterdam.nl v1 writes it."""
    cbs = f"{CBS.get(node.level, '')}0363{node.code}"
    return {
        "identificatie": "03630970000008",
        "volgnummer": 1,
        "naam": node.name,
        "code": node.code,
        "eindGeldigheid": None,
        "cbsCode": cbs,
    }


def of_cbs(node: AreaNode) -> Json:
    """As CBS writes it in its map of wijken and buurten, served by PDOK."""
    code = f"{CBS[node.level]}0363{node.code}"
    own = {f"{node.level}code": code, f"{node.level}naam": node.name}
    wijk = {"wijkcode": f"WK0363{node.code[:2]}"} if node.level == AreaLevel.BUURT else {}
    return {**own, **wijk, "gemeentecode": "GM0363", "gemeentenaam": "Amsterdam", "water": "NEE"}


def of_pdok_gebiedsindelingen(node: AreaNode) -> Json:
    """As CBS writes it in its gebiedsindelingen."""
    return {"statcode": f"{CBS[node.level]}0363{node.code}", "statnaam": node.name}


def in_rd(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda at: np.column_stack(TO_RD.transform(*at.T)))


def swapped(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda at: at[:, ::-1])


def collection(
    tree: AreaTree,
    level: AreaLevel = AreaLevel.WIJK,
    layout: Callable[[AreaNode], Json] = of_maps,
    moved: Callable[[BaseGeometry], BaseGeometry] = lambda shape: shape,
    **shapes: BaseGeometry,
) -> Json:
    """A FeatureCollection of all areas of a level; `shapes` replaces some by code."""
    features = [
        {
            "type": "Feature",
            "properties": layout(node),
            "geometry": shapely.geometry.mapping(
                moved(shapes.get(node.code, tree.shape(node.code)))
            ),
        }
        for node in tree.at_level(level)
    ]
    found: Json = json.loads(json.dumps({"type": "FeatureCollection", "features": features}))
    return found


def write(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), "utf-8")
    return path
