# Refuses plans that need more than the usual review. For conftest:
#   conftest test --policy policies reports/production.json
package main

import rego.v1

most_removed_users := 5

deny contains "this policy reads version 1 of reports" if not input.version == 1

deny contains "the run ended before it had a plan" if input.plan_digest == null

deny contains message if {
	some change in input.changes
	is_admin_group(change)
	some member in change.leaves
	message := sprintf("%s would be removed from the group %s", [json.marshal(member), json.marshal(change.name)])
}

deny contains message if {
	some change in input.changes
	is_admin_group(change)
	change.action == "deleted"
	message := sprintf("the group %s would be deleted", [json.marshal(change.name)])
}

deny contains message if {
	removed := [change.name | some change in input.changes; change.type == "User"; change.action in {"deactivated", "deleted"}]
	count(removed) > most_removed_users
	message := sprintf("%d users would be deactivated or deleted, at most %d are allowed", [count(removed), most_removed_users])
}

is_admin_group(change) if {
	change.type == "Group"
	contains(lower(change.name), "admin")
}
