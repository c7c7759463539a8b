namespace DrMesh.Engines.Repository.Format;

/// <summary>What an object is; the seventh byte of each.</summary>
internal enum ObjectKind : byte
{
    Repository = (byte)'R',
    Key = (byte)'K',
    Writer = (byte)'W',
    Pack = (byte)'P',
    Index = (byte)'I',
    Manifest = (byte)'M',
    Garbage = (byte)'G',
    Log = (byte)'L',
}
