"""The command line: it asks the verbs and prints. One file for each verb."""

from onetake.cli.app import main as main
