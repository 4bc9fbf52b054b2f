"""Which parties share a match key: a spelling may differ; households and namesakes do not."""

import pytest

from ingest.text.party_keys import LINKS, Party, keys, pieces, sound

HOME = ("12 le loi",)
WARD = ("ben nghe",)
LAN = Party("nguyen thi lan", "001199012345", HOME, WARD)


def linked(one: Party, other: Party) -> bool:
    return bool(set(keys(pieces(one))) & set(keys(pieces(other))))


@pytest.mark.parametrize(
    "other",
    [
        Party("nguyen thi lann", "001199012345"),  # the identifier, and words of the name
        Party("", "001199012345", (), WARD),  # the identifier, and the ward
        Party("thi lan nguyen", "001199012346", HOME),  # order of words; the last digit wrong
        Party("nguyen lan", "", HOME, WARD),  # given name, house, street, ward
        Party("nguyen thi lan", "991199012345", (), WARD),  # first digits wrong: the tail, a check
    ],
)
def test_one_piece_may_differ(other: Party) -> None:
    assert linked(LAN, other)


@pytest.mark.parametrize(
    "other",
    [
        Party("nguyen thi linh", "", HOME, WARD),  # a household: family name and address
        Party("lan nguyen", "", HOME, WARD),  # written the other way round: taken for a household
        Party("nguyen thi lan", "", (), WARD),  # a namesake in the ward
        Party("tran van hung", "001199543210", (), WARD),  # born in the same province and year
        Party("nguyen thi lan", "001199543210"),  # the same of a namesake
        Party("", "00119"),  # too short to be anybody's
        Party("", ""),
    ],
)
def test_others_are_not_linked(other: Party) -> None:
    assert not linked(LAN, other)


def test_a_short_word_is_kept_whole_and_a_longer_one_by_its_consonants() -> None:
    assert sound("linh") != sound("lanh")  # four letters
    assert sound("truon") == "truon"  # five: whole
    assert sound("truong") == sound("trueng")  # six: by consonants
    assert sound("hopegood") == sound("hopegoodplace")


def test_every_link_asks_for_a_name_or_an_address_beside_what_it_rests_on() -> None:
    checks = {"name_word", "full_name", "given_name", "address_piece", "address_pair"}
    for link in LINKS:
        assert len(link) >= 2, link
        assert checks & set(link[1:]) or checks & {link[0]}, link
