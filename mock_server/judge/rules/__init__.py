"""The rules of the verdict, one file each, in the order in which findings are told."""

from __future__ import annotations

from mock_server.judge.rule import Rule
from mock_server.judge.rules import (
    downloaded_after_expiry,
    fetched_result_too_early,
    gave_up_at_once,
    generated_again_after_failed_download,
    ignored_error_at_result,
    ignored_retry_after,
    ignored_should_retry,
    key_in_body,
    key_in_url,
    key_sent_to_image_host,
    left_too_early,
    legacy_host,
    polled_too_fast,
    ratio_and_size,
    retried_too_often,
    retried_what_cannot_succeed,
    retried_without_backoff,
    took_error_for_success,
    unknown_field,
    went_on_after_completed,
    wrong_shape,
)

RULES: dict[str, Rule] = {
    module.RULE.name: module.RULE
    for module in (
        took_error_for_success,
        ignored_error_at_result,
        fetched_result_too_early,
        retried_what_cannot_succeed,
        retried_without_backoff,
        retried_too_often,
        ignored_retry_after,
        ignored_should_retry,
        generated_again_after_failed_download,
        key_sent_to_image_host,
        key_in_url,
        key_in_body,
        wrong_shape,
        gave_up_at_once,
        left_too_early,
        downloaded_after_expiry,
        went_on_after_completed,
        polled_too_fast,
        unknown_field,
        ratio_and_size,
        legacy_host,
    )
}
