"""The description of the interface (OpenAPI 3.1), in Vietnamese and English.

Add here every path, field and header that app.py and requests.py learn; the fuzz test holds the
running daemon against this document. Keep out: behaviour.
"""

from typing import Any

from serving.daemon.errors import CODES
from serving.daemon.requests import ARROW_TYPE, JSON_TYPE
from serving.daemon.settings import DaemonSettings

VERSION = "1"
_Schema = dict[str, Any]


def _text(description: str, **more: Any) -> _Schema:
    return {"type": "string", "description": description, **more}


def _object(properties: dict[str, _Schema], *optional: str, **more: Any) -> _Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, **more}


def _array(items: _Schema, description: str) -> _Schema:
    return {"type": "array", "items": items, "description": description}


_RELEASE_ID = _text(
    "Bản phát hành mà câu trả lời được tính từ đó | The release that the answer was computed from",
    examples=["r000042-0123abcd"],
)
_COMMENT = {
    "description": "Chú giải bằng hai thứ tiếng | The comment in both languages",
    "oneOf": [
        {"type": "null"},
        _object({"vi": _text("Tiếng Việt | Vietnamese"), "en": _text("Tiếng Anh | English")}),
    ],
}
_ERROR = _object(
    {
        "error": _object(
            {
                "code": _text("Mã lỗi | What kind of error", enum=sorted(CODES)),
                "what": _text("Điều gì sai | What is wrong"),
                "where": _text("Sai ở đâu | Where"),
                "remedy": _text("Cần làm gì | What to do"),
            }
        ),
        "release_id": {"type": ["string", "null"], "description": _RELEASE_ID["description"]},
    }
)
_COLUMN = _object({"name": _text("Tên | Name"), "type": _text("Kiểu SQL | SQL type")})
_RESULT = _object(
    {
        "release_id": _RELEASE_ID,
        "columns": _array(_COLUMN, "Các cột theo thứ tự | The columns in order"),
        "row_count": {"type": "integer", "minimum": 0, "description": "Số dòng | Number of rows"},
        "truncated": {
            "type": "boolean",
            "description": "limit_rows đã cắt kết quả | limit_rows cut the result",
        },
        "rows": _array(
            {"type": "array", "items": {}},
            "Mỗi dòng là một mảng theo thứ tự cột. DECIMAL, số nguyên lớn, ngày giờ là chuỗi |"
            " Each row is an array in column order. DECIMAL, large integers, dates are text",
        ),
    }
)
_TABLES = _object(
    {
        "release_id": _RELEASE_ID,
        "tables": _array(
            _object(
                {
                    "schema": _text("Lược đồ | Schema"),
                    "name": _text("Tên bảng | Table"),
                    "row_count": {"type": "integer", "description": "Số dòng | Rows"},
                    "comment": _COMMENT,
                    "columns": _array(
                        _object(
                            {
                                **_COLUMN["properties"],
                                "nullable": {
                                    "type": "boolean",
                                    "description": "Có thể trống | May be empty",
                                },
                                "comment": _COMMENT,
                            }
                        ),
                        "Các cột | Columns",
                    ),
                }
            ),
            "Các bảng mà bên đọc được xem | The tables that the reader may see",
        ),
    }
)
_CURRENT = _object(
    {
        "release_id": _RELEASE_ID,
        "base_release_id": {
            "type": ["string", "null"],
            "description": "Bản trước đó | The release it was built on",
        },
        "content_hash": _text("Mã băm nội dung | Hash of the content"),
        "run_facts": {
            "type": "object",
            "description": "Mã nguồn, thư viện, quy tắc, dữ liệu vào, đầu sổ cái |"
            " Code, libraries, rules, inputs, head of the ledger",
        },
        "freshness": {
            "type": ["object", "null"],
            "description": "Số liệu mới đến đâu; trống khi chưa có lần chạy nào kết thúc |"
            " How current the figures are; null before any run has ended",
            "required": ["state", "data_to", "waiting_days", "sentence"],
            "properties": {
                "state": _text(
                    "Tình trạng | State", enum=["current", "behind", "nothing_published"]
                ),
                "data_to": {
                    "type": ["string", "null"],
                    "description": "Ngày cuối có dữ liệu | Last day with data",
                },
                "waiting_days": _array(
                    {"type": "string"}, "Ngày chưa công bố | Days that are not published"
                ),
                "sentence": _object({"vi": {"type": "string"}, "en": {"type": "string"}}),
            },
        },
    }
)
_HEALTH = _object(
    {"status": _text("Tình trạng | State", enum=["ok", "nothing_published"])},
)


def _request(settings: DaemonSettings) -> _Schema:
    scalar = {"type": ["string", "number", "boolean", "null"]}
    return _object(
        {
            "sql": _text(
                "Đúng một câu SELECT trên bản phát hành hiện hành |"
                " Exactly one SELECT over the current release",
                minLength=1,
                examples=["select count(*) as n from quality.fct_gate_results where gate = ?"],
            ),
            "parameters": {
                "description": "Tham số: mảng cho ? và $1, đối tượng cho $ten |"
                " Parameters: an array for ? and $1, an object for $name",
                "oneOf": [
                    {"type": "null"},
                    {"type": "array", "items": scalar},
                    {"type": "object", "additionalProperties": scalar},
                ],
                "examples": [["gate2"]],
            },
            "limit_rows": {
                "description": "Cắt kết quả ở số dòng này | Cut the result at this many rows",
                "oneOf": [
                    {"type": "null"},
                    {"type": "integer", "minimum": 1, "maximum": settings.max_rows},
                ],
            },
        },
        "parameters",
        "limit_rows",
        additionalProperties=False,
    )


def _responses(
    schema: _Schema, *codes: str, arrow: bool = False, statuses: tuple[int, ...] = (200,)
) -> _Schema:
    content: _Schema = {JSON_TYPE: {"schema": schema}}
    if arrow:
        content[ARROW_TYPE] = {"schema": {"type": "string", "format": "binary"}}
    responses: dict[str, Any] = {
        str(status): {"description": "Câu trả lời | The answer", "content": content}
        for status in statuses
    }
    for code in codes:
        status = str(CODES[code][0])
        if status in responses:
            responses[status]["description"] += f", {code}"
            continue
        responses[status] = {
            "description": code,
            "content": {JSON_TYPE: {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
    return responses


def document(settings: DaemonSettings) -> _Schema:
    """The whole document, with the limits of this daemon."""
    reading = (
        "unauthorised", "not_acceptable", "timeout", "too_large", "memory", "busy", "failed",
        "nothing_published", "release_unreadable",
    )  # fmt: skip
    asking = ("request_malformed", "refused", "request_slow", "request_too_large", "media_type")
    body = {"required": True, "content": {JSON_TYPE: {"schema": _request(settings)}}}
    limits = (
        f"{settings.timeout_s:g} s, {settings.max_rows} rows, {settings.max_result_bytes} bytes"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kho rủi ro hàng nhập qua biên giới | Cross-border import risk warehouse",
            "version": VERSION,
            "description": "Chỉ đọc. Mỗi câu trả lời nêu bản phát hành. Giới hạn mỗi truy vấn |"
            f" Read-only. Every answer names its release. Limits of a query: {limits}",
        },
        "security": [{"token": []}],
        "paths": {
            "/v1/query": {
                "post": {
                    "operationId": "query",
                    "summary": "Chạy một câu SELECT | Run one SELECT",
                    "requestBody": body,
                    "responses": _responses(_RESULT, *reading, *asking, arrow=True),
                }
            },
            "/v1/tables": {
                "get": {
                    "operationId": "tables",
                    "summary": "Các bảng, cột và chú giải | Tables, columns, comments",
                    "responses": _responses(_TABLES, *reading),
                }
            },
            "/v1/releases/current": {
                "get": {
                    "operationId": "currentRelease",
                    "summary": "Bản phát hành hiện hành | The current release",
                    "responses": _responses(_CURRENT, *reading),
                }
            },
            "/v1/health": {
                "get": {
                    "operationId": "health",
                    "summary": "Còn chạy không | Is it alive",
                    "security": [],
                    "responses": _responses(_HEALTH, "not_acceptable", statuses=(200, 503)),
                }
            },
            "/openapi.json": {
                "get": {
                    "operationId": "openapi",
                    "summary": "Tài liệu này | This document",
                    "security": [],
                    "responses": _responses({"type": "object"}, "not_acceptable"),
                }
            },
        },
        "components": {
            "schemas": {"Error": _ERROR},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Mỗi bên đọc có mã riêng | One token per reader and audience",
                }
            },
        },
    }
