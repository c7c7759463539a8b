using System.Text.Json.Serialization;

namespace DrMesh.Contracts.Estate;

/// <summary>S3's storage classes, by their names in its protocol.</summary>
public enum S3StorageClass
{
    /// <summary>Several zones, read at once.</summary>
    [JsonStringEnumMemberName("STANDARD")]
    Standard,

    /// <summary>Cheaper to keep, dearer to read.</summary>
    [JsonStringEnumMemberName("STANDARD_IA")]
    StandardInfrequentAccess,

    /// <summary>One zone only.</summary>
    [JsonStringEnumMemberName("ONEZONE_IA")]
    OneZoneInfrequentAccess,

    /// <summary>An archive that is read at once.</summary>
    [JsonStringEnumMemberName("GLACIER_IR")]
    GlacierInstantRetrieval,

    /// <summary>An archive that is thawed in hours.</summary>
    [JsonStringEnumMemberName("GLACIER")]
    Glacier,

    /// <summary>An archive that is thawed in half a day.</summary>
    [JsonStringEnumMemberName("DEEP_ARCHIVE")]
    DeepArchive,
}
