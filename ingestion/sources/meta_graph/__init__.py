"""Meta Graph: a Facebook page and its Instagram account: figures by day, posts, comments, mentions. See README.md."""

from ingestion.sources.meta_graph.source import META_GRAPH

__all__ = ["META_GRAPH"]
