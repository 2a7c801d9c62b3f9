# Refuses plans that need more than the usual review. For conftest:
#   conftest test --policy policies reports/production.json
package main

import rego.v1

most_removed_users := 5

names := {"User": "user_name", "Group": "display_name"}

deny contains "this policy reads version 1 of reports" if not input.version == 1

deny contains "the run ended before it had a plan" if input.plan_digest == null

deny contains "this policy needs the values of attributes, which report_values: none leaves out" if not has_values

deny contains message if {
	has_values
	some change in input.changes
	some effect in effects(change)
	message := sprintf("the %s %s would %s", [lower(change.type), json.marshal(change.name), effect])
}

deny contains message if {
	has_values
	removed_users := [change | some change in input.changes; change.type == "User"; change.action in {"deactivated", "deleted"}]
	count(removed_users) > most_removed_users
	message := sprintf("%d users would be deactivated or deleted, at most %d are allowed", [count(removed_users), most_removed_users])
}

has_values if {
	every change in input.changes {
		every row in change.attributes {
			"after" in object.keys(row)
		}
	}
}

# How a change gives or takes the rights of an administrator. The name of a change is the one before it.
effects(change) := union({joined(change), left(change), removed(change), renamed(change), role_gained(change), role_lost(change)})

joined(change) := {sprintf("gain %s", [json.marshal(member)]) | is_admin(change.name); some member in change.joins}

left(change) := {sprintf("lose %s", [json.marshal(member)]) | is_admin(change.name); some member in change.leaves}

removed(change) := {sprintf("be %s", [change.action]) | is_admin(change.name); change.action in {"deactivated", "deleted"}}

renamed(change) := {sprintf("be renamed to %s", [json.marshal(row.after)]) |
	change.action == "updated"
	some row in change.attributes
	row.path == names[change.type]
	some name in [change.name, row.after]
	is_admin(name)
}

role_gained(change) := {sprintf("gain the role %s", [json.marshal(role)]) |
	some role in (admin_roles(change, "after") - admin_roles(change, "before"))
}

role_lost(change) := {sprintf("lose the role %s", [json.marshal(role)]) |
	some role in (admin_roles(change, "before") - admin_roles(change, "after"))
}

# The roles and entitlements of administrators among the attributes that differ.
admin_roles(change, side) := {row[side] |
	some row in change.attributes
	strings.any_prefix_match(row.path, ["roles[", "entitlements["])
	is_admin(row[side])
}

is_admin(value) if contains(lower(value), "admin")
