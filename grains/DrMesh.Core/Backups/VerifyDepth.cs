namespace DrMesh.Core.Backups;

/// <summary>How closely a verification looks.</summary>
public enum VerifyDepth
{
    /// <summary>Every object is read whole, every chunk decrypted, decompressed and compared with its id.</summary>
    Content,

    /// <summary>Every object is read whole and compared with its checksum; chunks are not decoded. Finds all decay in a store.</summary>
    Stored,

    /// <summary>Every object is there and not empty; none is read.</summary>
    Presence,
}
