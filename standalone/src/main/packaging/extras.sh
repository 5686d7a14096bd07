#!/bin/sh
# Adds to target/dkimproxy what no program needs to run: names of earlier versions.
set -eu

tree=target/dkimproxy

# the name of this tool before libmail-dkim-perl turned out to own it; the Debian package does not have it
ln -sf dkimproxy-signfile "$tree/bin/dkimproxy-sign"
