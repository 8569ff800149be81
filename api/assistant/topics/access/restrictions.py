"""Topics about what limits a key beside its credits: its networks, a burst, the budget of all keys, and its warnings."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from commands.fields.key import MAX_BURST, MAX_NETWORKS
from domain.accounts.thresholds import THRESHOLDS

_PLACE = "at `/login` under Settings → Developer"
_PARTS = f"{', '.join(map(str, THRESHOLDS[:-1]))} and {THRESHOLDS[-1]}"
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
    topic(
        """budget
        all every | key keys | together share shared total sum | limit credit request cap
        organization company | limit cap | credit request all""",
        f"A budget limits what all keys of an organization use together: an owner or admin sets it {_PLACE} (*Budget*), or the "
        "administrator with `smartdhandha org budget org_… --limit 100000`. Without one there is no such limit; each key keeps its own. "
        "`organizationCredits` in `GET /usage` shows it, and a request beyond it is 429 with `policy` `organization`.",
        "credits#a-budget-of-the-organization getUsage",
        like="""can I limit all keys of the organization together
        what is the budget of an organization
        set a budget for our API usage
        how much of our budget is left""",
    ),
    topic(
        """warn warning alert notify threshold thresholds | credit limit budget request usage""",
        f"When a key, or the budget of the organization, has used {_PARTS} % of its limit, this is recorded within a minute: on Home, on the "
        "page of the key and in Activity. No e-mail and no webhook is sent; a program reads `remaining` in `GET /usage`.",
        "credits#before-it-is-used-up getUsage",
        like="""will I be warned before the credits run out
        is there an alert when 80 percent of the credits are used
        how do I notice that the limit is nearly reached""",
    ),
)
