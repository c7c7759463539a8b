namespace DrMesh.Contracts.Estate;

/// <summary>A number of bytes; in the estate file <c>16MB</c>, with 1 kB = 1,024 bytes as in PostgreSQL's settings.</summary>
[GenerateSerializer, Immutable, Alias("drmesh.byte-size")]
public readonly record struct ByteSize([property: Id(0)] long Bytes);
