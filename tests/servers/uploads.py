"""Prints the keys of the uploads that are begun, and neither completed nor aborted.

uploads.py PLACE

PLACE is a JSON object with `url` and `options`, as pq_store takes them, of S3 or Google Cloud
Storage; others list no such uploads.
"""

import json
import sys
import urllib.request
from xml.etree import ElementTree

import s3


def of_s3(bucket, options):
    pages = s3.client(options).get_paginator("list_multipart_uploads").paginate(Bucket=bucket)
    return [upload["Key"] for page in pages for upload in page.get("Uploads", [])]


def of_gcs(bucket, options):
    headers = {"Authorization": f"Bearer {options['bearer_token']}"}
    request = urllib.request.Request(f"{options['base_url']}/{bucket}?uploads", headers=headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        root = ElementTree.fromstring(answer.read())
    if root.findtext("{*}IsTruncated") != "false":
        sys.exit("there are more uploads than one answer holds")
    return [upload.findtext("{*}Key") for upload in root.findall("{*}Upload")]


def main(place):
    place = json.loads(place)
    scheme, bucket = place["url"].split("://")
    for key in {"s3": of_s3, "gs": of_gcs}[scheme](bucket, place["options"]):
        print(key)


main(*sys.argv[1:])
