"""What is told about one consignment's scores: the parts, as JSON and as text for a terminal.

Add here a line that an officer must be able to read. Keep out: where the parts come from
(explain.py) and what would have to differ (otherwise.py).
"""

from dataclasses import asdict, dataclass

from serving.otherwise import Otherwise
from serving.stored_rows import Row, block, plain, shown


@dataclass(frozen=True)
class ScoreLine:
    """One risk type: the stored score, and how the stored parts add up to it.

    model_version: None while the expert's points count. probability_micro: calibrated probability
    of a finding, millionths; None without a model. expected_finding_value_vnd: what a check is
    expected to find; None where the type has no figure for it.
    """

    risk_type: str
    score_points: int
    arithmetic: str
    model_version: str | None = None
    probability_micro: int | None = None
    expected_finding_value_vnd: int | None = None


@dataclass(frozen=True)
class Explanation:
    """Everything the release stores about one consignment; tokens of persons are left out.

    indicators: rows with `INDICATOR_COLUMNS`, highest points first, and the counts that a model
    learned their points from (`inspected_count`, `finding_count`; None for the expert's). terms:
    rows with `TERM_COLUMNS` and the sentence of their reason in both languages, of what a model
    read beside the indicators; kept for what was selected. selection, tax: None when the release
    has no such row. source_file: the delivered file's name, None when it is not recorded.
    otherwise: what would have to differ for it not to be selected; None when it was not.
    """

    release_id: str
    consignment_id: str
    consignment: Row
    indicators: tuple[Row, ...]
    terms: tuple[Row, ...]
    scores: tuple[ScoreLine, ...]
    selection: Row | None
    tax: Row | None
    source_file: str | None
    source_line: int | None
    otherwise: Otherwise | None

    def to_json(self) -> Row:
        """JSON-ready: dates as ISO text, decimals as exact text."""
        return {name: plain(value) for name, value in asdict(self).items()}

    def lines(self) -> list[str]:
        """Text for a terminal, Vietnamese label first."""
        source = "chưa rõ | unknown"
        if self.source_file is not None:
            source = f"{self.source_file}, dòng | line {self.source_line}"
        text = [
            f"Lô hàng | Consignment: {self.consignment_id}",
            f"Bản phát hành | Release: {self.release_id}",
            f"Nguồn | Source: {source}",
            *block("Dữ liệu | Facts", self.consignment),
            "Chỉ số rủi ro | Risk indicators:" if self.indicators else _NO_INDICATORS,
        ]
        for row in self.indicators:
            text += [
                f"  {row['risk_type']} / {row['indicator_id']}: {row['points']:+d}",
                f"    bằng chứng | evidence: {shown(row['evidence'])}",
                f"    căn cứ | legal basis: {shown(row['legal_instrument_id'])},"
                f" {shown(row['legal_basis'])} (trọng số | weights {row['weight_version']})",
            ]
            if row["inspected_count"] is not None:
                text.append(
                    "    khi học | in the fit: vi phạm/kiểm tra | findings/inspected"
                    f" {shown(row['finding_count'])}/{row['inspected_count']}"
                )
        if self.terms:
            text.append("Đặc trưng của mô hình | What the model read:")
        for row in self.terms:
            text += [
                f"  {row['risk_type']} / {row['feature']}: {row['points']:+d}",
                f"    {_bin(row)}{_counts(row)}",
                f"    {row['text_vi']} | {row['text_en']}",
            ]
        if self.scores:
            text.append("Điểm theo loại rủi ro | Score per risk type:")
        for score in self.scores:
            text += _score_lines(score)
        text += block("Phân luồng | Selection", self.selection)
        if self.otherwise is not None:
            text += self.otherwise.lines()
        text += block("Thuế | Tax assessment", self.tax)
        return text


_NO_INDICATORS = "Không có chỉ số rủi ro nào | No risk indicator fired (0)"


def _score_lines(score: ScoreLine) -> list[str]:
    text = [f"  {score.risk_type}: {score.arithmetic}"]
    if score.model_version is not None:
        chance = "-" if score.probability_micro is None else score.probability_micro / 10_000
        text.append(
            f"    mô hình | model {score.model_version};"
            f" xác suất vi phạm | probability of a finding {chance} %"
        )
    if score.expected_finding_value_vnd is not None:
        text.append(
            "    trị giá dự kiến phát hiện | expected finding value"
            f" {score.expected_finding_value_vnd} VND"
        )
    return text


def _bin(row: Row) -> str:
    if row["bin_no"] == 0:
        return "thiếu giá trị | missing value"
    low, high = ("…" if row[end] is None else row[end] for end in ("low_milli", "high_milli"))
    return f"{low} < {row['value_milli']} <= {high} (phần nghìn | thousandths)"


def _counts(row: Row) -> str:
    """The counts that a profile rests on; other features have none."""
    if row["inspected_count"] is None:
        return ""
    counts = f"{shown(row['finding_count'])}/{row['inspected_count']}"
    return f"; vi phạm/kiểm tra | findings/inspected {counts}"
