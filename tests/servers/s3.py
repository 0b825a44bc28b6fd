"""A client of S3 that asks once."""

import boto3
from botocore.config import Config


def client(options):
    """The client for options as pq_store takes them."""
    return boto3.client(
        "s3",
        endpoint_url=options["endpoint"],
        aws_access_key_id=options["access_key_id"],
        aws_secret_access_key=options["secret_access_key"],
        region_name=options["region"],
        config=Config(
            retries={"total_max_attempts": 1},
            connect_timeout=5,
            read_timeout=5,
            s3={"addressing_style": "path"},
        ),
    )
