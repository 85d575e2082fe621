"""What an account may do with a listing that is loaded whole."""

from socialmap import db
from socialmap.accounts import permissions
from socialmap.geo.tree import area_tree
from socialmap.models import Account, Listing
from socialmap.views.clock import now


def may_check_listing(account: Account, listing: Listing) -> bool:
    """May this account decide on changes of a listing?"""
    codes = [row.area_code for row in listing.coverage if row.area_code]
    codes += [place.area_code for place in listing.places if place.area_code]
    return permissions.can_check_any(account, area_tree(db.session()), codes)


def is_own(account: Account, listing: Listing) -> bool:
    """Is it of a provider whose listings this account keeps?"""
    provider_id = listing.provider_id
    return provider_id is not None and permissions.can_edit(account, provider_id, now())
