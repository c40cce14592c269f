"""The words of the part of a page that tells of networks, by the keys that its scripts ask for."""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.messages import tr_later

NETWORK_WORDS: Mapping[str, str] = {
    "network": tr_later("Network"),
    "network_lead": tr_later("Who is linked with whom, within regions and between them."),
    "net_choice": tr_later("Network"),
    "net_instead": tr_later("The data have no links of the network that was asked for, {title}; others are shown."),
    "net_left_out": tr_later("Left out, so that the page stays light: {titles}."),
    "net_size": tr_later("{organisations} organisations, {edges} pairs with a link; in all {weight}"),
    "net_weight_of": tr_later("{weight} {unit}"),
    "net_weight_tip": tr_later("{unit}: {weight}"),
    "net_weight": tr_later("Weight ({unit})"),
    "net_directed": tr_later("with a direction"),
    "net_undirected": tr_later("without a direction"),
    "net_all_years": tr_later("all years"),
    "net_undated": tr_later("Links without a year: {count}"),
    "net_years": tr_later("Years"),
    # where links lead
    "net_ends": tr_later("Within and between regions"),
    "net_where": tr_later("Between whom"),
    "net_share": tr_later("Share"),
    "net_inside": tr_later("Within the region"),
    "net_inside_hint": tr_later("Both organisations are in the same region."),
    "net_between": tr_later("Between two regions"),
    "net_between_hint": tr_later("The two organisations are in different regions of this level."),
    "net_home": tr_later("With the rest of the country"),
    "net_home_hint": tr_later("At least one of the two is in the same country, but in no region of this level."),
    "net_abroad": tr_later("With other countries"),
    "net_abroad_hint": tr_later("At least one of the two is in another country."),
    "net_nowhere": tr_later("Place unknown"),
    "net_nowhere_hint": tr_later("The place of at least one of the two is not known."),
    # flows
    "net_flows": tr_later("Flows between regions"),
    "net_from": tr_later("From"),
    "net_to": tr_later("To"),
    "net_other_region": tr_later("Other region"),
    "net_other_regions": tr_later("Other regions"),
    "net_others": tr_later("{count} other regions"),
    "net_rests": tr_later("{count} other countries, elsewhere"),
    "net_countries": tr_later("{count} other countries"),
    "net_matrix": tr_later("{title}: from the region of the row to that of the column ({unit})"),
    "net_matrix_both": tr_later("{title}: between the region of the row and that of the column ({unit})"),
    "net_matrix_note": tr_later(
        "Each cell is the weight of all links from the organisations of one region to those of another; the "
        "diagonal has those within a region. Regions stand in the order of the ranking, then what is left of the "
        "country, then other countries. The scale of the colours is logarithmic; an empty cell is no link."
    ),
    "net_matrix_cap": tr_later(
        "The regions and countries with the largest flows have a row of their own, the others stand together in "
        "one; its cell on the diagonal has the flows among them, too. `ecosystem network flows` has all."
    ),
    "net_matrix_undirected": tr_later("These links have no direction: each pair of regions stands in two cells."),
    "net_matrix_not": tr_later(
        "how large the regions are: a large one has more links with everybody. `ecosystem network flows "
        "--normalise lq` measures flows against size."
    ),
    "net_largest": tr_later("{title}: the {count} largest flows between two regions ({unit})"),
    "net_sankey_note": tr_later(
        "On the left the region that a flow comes from, on the right the one that it goes to; the wider, the "
        "more. Flows within a region are left out."
    ),
    "net_chord_note": tr_later("Each band joins two regions; the wider, the more. Links within a region are left out."),
    "net_largest_not": tr_later("all the other flows, which together can be more than these."),
    "net_share_sent": tr_later("Share of all it sends"),
    "net_share_sent_hint": tr_later(
        "Of all that the organisations of the first region send, their own region included."
    ),
    # links
    "net_links_title": tr_later("The largest links"),
    "net_links": tr_later("Records"),
    "net_links_hint": tr_later("How many links of the data stand behind the pair."),
    "net_links_count": tr_later("Records behind it: {count}"),
    "net_organisation": tr_later("Organisation"),
    "net_other": tr_later("Other organisation"),
    "net_from_region": tr_later("From region"),
    "net_to_region": tr_later("To region"),
    "net_kind": tr_later("Kind"),
    # regions
    "net_by_region": tr_later("How regions connect"),
    "net_by_region_lead": tr_later(
        "Each heading says what it means when it is pointed at. Only links whose two ends are in regions of this "
        "level count here, so those with other countries do not."
    ),
    "net_regions_cap": tr_later(
        "The {shown} regions with the largest flows, of {total}; `ecosystem network regions` has all."
    ),
    "net_organisations": tr_later("Organisations"),
    "net_organisations_hint": tr_later("How many organisations of the region have a link of this network."),
    "net_out": tr_later("Sent"),
    "net_out_hint": tr_later("The weight of the links from the region to other regions."),
    "net_in": tr_later("Received"),
    "net_in_hint": tr_later("The weight of the links from other regions to it."),
    "net_with_others": tr_later("With other regions"),
    "net_with_others_hint": tr_later("The weight of the links between the region and others."),
    "net_ei": tr_later("Openness (E-I)"),
    "net_ei_hint": tr_later(
        "From −1, all links stay within the region, to 1, all lead out of it: the weight of outer links less that "
        "of inner ones, over both (Krackhardt and Stern 1988)."
    ),
    "net_bridging": tr_later("Bridging"),
    "net_bridging_hint": tr_later(
        "How far a region can connect others: high where it has many links to other regions, evenly spread over "
        "many of them (Berge, Wanzenböck and Scherngell 2017)."
    ),
    "net_half": tr_later("Half rests on"),
    "net_half_hint": tr_later(
        "With how few of its organisations half of the region's links inwards by gatekeepers would be lost."
    ),
    # roles
    "net_roles": tr_later("Who connects: roles"),
    "net_region_roles": tr_later("The roles of the organisations of each region, added up"),
    "net_brokers": tr_later("Organisations that connect most"),
    "net_brokers_lead": tr_later(
        "An organisation connects two others where one has a link to it, it has one to the other, and these two "
        "have none. By the regions of the three there are five roles (Gould and Fernandez 1989); the numbers say "
        "how often each is played."
    ),
    "net_no_brokers": tr_later("No organisation connects two others that have no link of their own."),
    "net_no_roles": tr_later(
        "Roles are not counted for a network of {edges} pairs, which takes long: `ecosystem network roles {id}` "
        "does it."
    ),
    "net_total": tr_later("In all"),
    "net_total_hint": tr_later("All five roles together."),
    "net_coordinator": tr_later("Coordinator"),
    "net_coordinator_hint": tr_later("connects two organisations of its own region"),
    "net_consultant": tr_later("Itinerant"),
    "net_consultant_hint": tr_later("connects two organisations of one other region, from outside"),
    "net_representative": tr_later("Representative"),
    "net_representative_hint": tr_later("passes on from its own region to another one"),
    "net_gatekeeper": tr_later("Gatekeeper"),
    "net_gatekeeper_hint": tr_later("lets into its own region what comes from another one"),
    "net_gatekeeper_both_hint": tr_later("connects an organisation of its own region with one of another region"),
    "net_liaison": tr_later("Liaison"),
    "net_liaison_hint": tr_later("connects organisations of two other regions"),
    # one organisation
    "net_ego": tr_later("One organisation and its contacts"),
    "net_ego_lead": tr_later("Any of the {count} organisations with the most weight on their links can be looked up."),
    "net_look_up": tr_later("Organisation"),
    "net_not_found": tr_later(
        "None of the {count} organisations here has this name; `ecosystem network ego` knows all."
    ),
    "net_ego_title": tr_later("{title}: {name} and its contacts"),
    "net_ego_facts": tr_later("{kind}, region: {region}. Contacts: {contacts}, in all {weight}."),
    "net_ego_cap": tr_later("The {shown} strongest of {total} contacts are shown."),
    "net_ego_note": tr_later(
        "Contacts of one region stand side by side. A line leads from who gives to who receives; its width, and "
        "the size of a contact, follow the weight. Of the links between contacts the {among} heaviest are drawn. "
        "A click on a contact puts it in the middle, where it can be looked up."
    ),
    "net_ego_note_both": tr_later(
        "Contacts of one region stand side by side. The width of a line, and the size of a contact, follow the "
        "weight. Of the links between contacts the {among} heaviest are drawn. A click on a contact puts it in "
        "the middle, where it can be looked up."
    ),
    "net_ego_not": tr_later("contacts that the data do not have, and how much an organisation depends on them."),
    "net_contacts": tr_later("Its contacts"),
    "net_to_it": tr_later("Given to it"),
    "net_from_it": tr_later("Received from it"),
}
