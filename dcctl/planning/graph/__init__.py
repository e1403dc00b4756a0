"""The redundancy graph: waves of an upgrade campaign, and the certificate that proves them."""

from dcctl.planning.graph.building import DIGEST, digest_of, graph_of
from dcctl.planning.graph.explaining import Explanation, Refusal, explain
from dcctl.planning.graph.keeping import Keeping, KeptLink, KeptPath, already_of, keeps
from dcctl.planning.graph.model import Down, Graph, WaveKind
from dcctl.planning.graph.packing import WavePlan, upgrade_waves

__all__ = [
    "DIGEST",
    "Down",
    "Explanation",
    "Graph",
    "Keeping",
    "KeptLink",
    "KeptPath",
    "Refusal",
    "WaveKind",
    "WavePlan",
    "already_of",
    "digest_of",
    "explain",
    "graph_of",
    "keeps",
    "upgrade_waves",
]
