# Copyright: (c) 2026, identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What names in the files of others mean: a table, and no guess. A wrong attribute would be wrong data in each account."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# What a heading or key means, whoever wrote it: the letters and digits of both are compared. Whole paths only, and nothing that is a guess:
# a "user name" may be a full name, a "status" needs its values.
_SYNONYMS: Mapping[str, Sequence[str]] = {
    "user_name": ("login", "loginname", "username", "userprincipalname", "upn"),
    "external_id": ("externalid", "immutableid", "objectguid"),
    "display_name": ("fullname", "displayname", "commonname"),
    "nick_name": ("nickname", "preferredname", "preferredfirstname", "knownas", "callname"),
    "name.given_name": (
        "firstname", "first", "givenname", "forename", "legalfirstname", "vorname", "prenom", "nombre", "voornaam", "fornavn",
    ),
    "name.family_name": (
        "lastname", "last", "surname", "familyname", "legallastname", "sn", "nachname", "familienname", "nomdefamille", "apellido",
        "apellidos", "achternaam", "cognome", "etternavn", "efternamn",
    ),
    "name.middle_name": ("middlename", "middleinitial"),
    "emails[0].value": ("email", "useremail", "emailaddress", "mail", "workemail", "businessemail", "primaryemail", "emailwork",
                        "companyemail", "workcontactworkemail", "emailprimarywork", "mailadresse", "emailadresse"),
    "phone_numbers[0].value": ("workphone", "officephone", "businessphone", "telephone", "telephonenumber", "phone", "phonenumber",
                               "primaryphone", "telefon"),
    "phone_numbers[1].value": ("mobile", "mobilephone", "cellphone", "mobilenumber", "mobiltelefon"),
    "title": ("jobtitle", "position", "positiontitle", "businesstitle", "employeetitle", "jobtitledescription", "jobname"),
    "user_type": ("employeetype", "workertype"),
    "active": ("active", "enabled", "isactive", "accountenabled"),
    "enterprise.employee_number": (
        "employeenumber", "employeeid", "employeeidentifier",
        "employeeno", "employeecode", "workerid", "associateid", "personnelnumber", "staffid",
        "personalnummer", "matricule", "badgenumber",
    ),
    "enterprise.department": (
        "department", "dept", "departmentname", "homedepartmentdescription", "abteilung", "departement", "departamento",
    ),
    "enterprise.division": ("division", "businessunit"),
    "enterprise.organization": ("organization", "organisation", "company", "companyname"),
    "enterprise.cost_center": ("costcenter", "costcentre", "kostenstelle"),
    "enterprise.manager": ("manageremail", "managerusername", "managerid", "supervisorid", "supervisoremail", "supervisoreid"),
    "addresses[0].street_address": ("street", "streetaddress", "addressline1"),
    "addresses[0].locality": ("city", "town", "locality"),
    "addresses[0].postal_code": ("zip", "zipcode", "postalcode", "postcode"),
    "addresses[0].region": ("state", "province", "stateorprovince"),
    "addresses[0].country": ("countrycode",),
    "preferred_language": ("language", "preferredlanguage"),
    "timezone": ("timezone", "tz"),
    "locale": ("locale",),
    "groups": ("groups", "groupnames", "memberof"),
}  # fmt: skip
_MEANING = {synonym: path for path, synonyms in _SYNONYMS.items() for synonym in synonyms}
_STATE = re.compile(
    r"status|state of employment|active|enabled|disabled|suspended|block|locked|deactivated|archived|terminat|deleted|deletion"
)
_LAST = re.compile(r"last (active|activity|login|sign|seen)")  # a date
_YES_OR_NO = re.compile(r"\s*\((y/n|yes/no|true/false|1/0)\)\s*$", re.IGNORECASE)
_UNCLEAR = frozenset({"user name"})  # a name to sign in with, or a full name


def meaning(name: str) -> str:
    """The path that a heading or key usually means, such as ``name.family_name`` for ``Surname``; empty if that is not known."""
    if " ".join(name.split()).casefold() in _UNCLEAR:
        return ""
    return _MEANING.get(letters(name.replace("#", " number")), "")


def letters(name: str) -> str:
    """The letters and digits of a heading in lower case, without a note of what its cells may have."""
    return "".join(re.findall(r"[^\W_]", _YES_OR_NO.sub("", name))).casefold()


def shows_state(heading: str) -> bool:
    """Whether a column may say who is inactive: only a person can tell from its texts."""
    words = " ".join(re.findall(r"[a-z]+", heading.replace("_", " ").casefold()))
    return _STATE.search(words) is not None and not _LAST.match(words)
