"""Names of files and columns: what looks personal loses its content, ordinary names stay."""

import pytest

from ingest.text.labels import MAXIMUM_CHARACTERS, distinct_names, shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Văn An 0912345678.xlsx", "xxxxxx xxx xx 9999999999.xlsx"),
        ("to khai NGUYEN VAN AN 0912.345.678.csv", "to khai xxxxxx xxx xx 9999.999.999.csv"),
        ("NguyenVanAn.csv", "xxxxxxxxxxx.csv"),
        ("tran_thi_be.parquet", "xxxx_xxx_xx.parquet"),
        ("Đặng Thị Bé", "xxxx xxx xx"),
        ("Le Thi Be.csv", "xx xxx xx.csv"),
        ("outer.zip/Trần Thị Bé.csv", "outer.zip/xxxx xxx xx.csv"),
        ("001202612345.csv", "999999999999.csv"),
        ("MST 0100233488 quý 3.xlsx", "MST 9999999999 quý 3.xlsx"),
        ("+84 912 345 678", "+99 999 999 999"),
        ("gui be.nguyen@example.vn", "gui xx.xxxxxx@xxxxxxx.xx"),
        ("Lý lịch Nguyễn Văn An", "Lý lịch xxxxxx xxx xx"),
    ],
)
def test_what_looks_personal_becomes_its_shape(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@pytest.mark.parametrize(
    "name",
    [
        "parcel_manifest_2026-11-01.csv",
        "parcel_manifest_20261101123456.csv",
        "Tờ khai ngày 02.11.2026.xlsx",
        "MAWB 618-12345675.xml",
        "Họ tên người nhận",
        "Ho Ten",
        "Lý do",
        "Số lượng hàng",
        "Trị giá nguyên tệ",
        "Lệ phí hải quan",
        "Mã số thuế",
        'colour "x"',
        "kcs_train.parquet",
    ],
)
def test_ordinary_names_stay(name: str) -> None:
    assert shown_name(name) == name


def test_decomposed_letters_are_recognised_too() -> None:
    assert shown_name("Nguye\u0302\u0303n Va\u0306n An") == "xxxxxx xxx xx"


def test_long_column_names_are_cut() -> None:
    assert distinct_names(["a" * 5_000]) == ["a" * MAXIMUM_CHARACTERS]


def test_equal_shapes_stay_apart() -> None:
    names = ["0912345678", "0987654321", "colour"]
    assert distinct_names(names) == ["9999999999", "9999999999#2", "colour"]
