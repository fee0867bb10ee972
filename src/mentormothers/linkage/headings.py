"""What the columns of a persons file are called: first our name of each, then what other lists call it."""

import re

HEADINGS = {
    "id": ("id", "rec_id", "record_id", "unique_id", "client", "client_id", "person_id", "patient_id", "uid", "uuid"),
    "given_name": (
        "given_name", "first_name", "firstname", "forename", "given", "givenname", "fname", "name_given", "fname_c1",
        "first", "given_names", "first_names", "other_names",
    ),
    "surname": (
        "surname", "last_name", "lastname", "family_name", "familyname", "family", "lname", "name_family", "lname_c1",
        "last",
    ),
    "full_name": ("full_name", "name", "fullname", "client_name", "patient_name", "first_and_surname"),
    "date_of_birth": (
        "date_of_birth", "dob", "birth_date", "birthdate", "dateofbirth", "birthday", "date_birth", "born", "d_o_b",
    ),
    "birth_year": ("birth_year", "year_of_birth", "yob", "by"),
    "birth_month": ("birth_month", "month_of_birth", "bm"),
    "birth_day": ("birth_day", "day_of_birth", "bd"),
    "sex": ("sex", "gender"),
    "phone": ("phone", "phone_number", "telephone", "mobile", "msisdn", "tel", "phone_no", "mobile_number"),
    "village": ("village", "suburb", "city", "town", "ward", "locality", "birth_place", "place_of_birth"),
    "district": ("district", "county", "state", "region", "province"),
    "mother_name": ("mother_name", "mothers_name", "mother", "name_of_mother"),
    "mother_id": ("mother_id", "mother_client", "mother_record"),
    "address": ("address", "address_1", "street_address", "street", "landmark"),
    "postcode": ("postcode", "postal_code", "zip", "zip_code", "zipcode", "post_code", "postcode_fake"),
    "email": ("email", "e_mail", "email_address"),
    "role": ("role", "kind", "person_type"),
    "nin": ("nin", "national_id", "nid", "uganda_nin", "soc_sec_id", "ssn", "id_number", "national_number"),
    "art_number": ("art_number", "art_no", "ccc_number"),
    "anc_number": ("anc_number", "anc_no"),
    "card": ("card", "card_code", "card_number"),
}  # fmt: skip
_KNOWN_AS = {alias: column for column, aliases in HEADINGS.items() for alias in aliases}


def columns_of(header: list[str]) -> dict[str, int]:
    """Where each of our columns stands in a header; of two that mean the same, the one we name first."""
    named = [
        re.sub(r"\W+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cell.strip())).strip("_").lower() for cell in header
    ]
    found: dict[str, int] = {}
    for place, name in enumerate(named):
        column = _KNOWN_AS.get(name)
        if column and (column not in found or _rank(column, name) < _rank(column, named[found[column]])):
            found[column] = place
    return found


def _rank(column: str, name: str) -> int:
    return HEADINGS[column].index(name)
