"""Topics about what limits a key beside its credits: its networks, and its requests in any second."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from commands.fields.key import MAX_BURST, MAX_NETWORKS

_PLACE = "at `/login` under Settings → Developer"
_MOST = f"{MAX_BURST:,}".replace(",", "\u00a0")

RESTRICTION_TOPICS = (
    topic(
        """ip cidr | key allow limit address restrict
        ip cidr | only
        key | network range | allow limit restrict only
        allowedcidrs
        ip network | server office | only""",
        f"Yes: an owner or admin can limit a key to up to {MAX_NETWORKS} networks or single IP addresses (IPv4 or IPv6), {_PLACE}; the "
        "administrator can with `smartdhandha key update --cidr`. From elsewhere the key is refused with 403 "
        "`address_not_allowed`, at no cost. Without networks, it works from everywhere. `allowedCidrs` in `GET /me` shows them.",
        "authentication#networks-of-a-key errors#address_not_allowed",
        like="""can I restrict a key to an IP address
        is there an allowlist of networks for a key
        a key should work only from the addresses of our office
        from which networks does my key work""",
    ),
    topic(
        """burst | what meaning how set key limit many who can
        limit | key | per second minute | set own can slow""",
        f"A burst limits how many requests a key may send in any second: 1 to {_MOST}. A key has none unless an owner or admin sets it, {_PLACE}, "
        "or the administrator with `smartdhandha key update --burst 10`. `burst` in `GET /me` shows it; a request beyond it is 429 with "
        "`Retry-After: 1` and costs no credit.",
        "credits#a-burst errors#rate_limited",
        like="""what is the burst of a key
        limit how many requests a key may send in a second
        slow a program down that sends too many requests at once
        can I throttle one of my keys""",
    ),
)
