using System.Security.Cryptography;
using System.Text;
using DrMesh.Contracts.Estate;
using DrMesh.Core.Estate.Yaml;

namespace DrMesh.Core.Estate.Writing;

/// <summary>Writes an estate as text that reads back as the same estate.</summary>
public static class EstateWriter
{
    /// <summary>
    /// The canonical form: JSON, which the reader takes as the YAML it also is, with every value written, defaults too, so that it means the
    /// same to a later release with other defaults.
    /// </summary>
    public static string Canonical(EstateDocument estate) => JsonText.Write(EstateTree.Of(estate, full: true));

    /// <summary>Every value as YAML, defaults too.</summary>
    public static string Full(EstateDocument estate) => YamlWriter.Write(EstateTree.Of(estate, full: true));

    /// <summary>The form for people, as YAML: what equals its default is left out.</summary>
    public static string Brief(EstateDocument estate) => YamlWriter.Write(EstateTree.Of(estate, full: false));

    /// <summary>SHA-256 of the canonical form, in lower-case hexadecimal.</summary>
    public static string Hash(EstateDocument estate) => HashOf(Canonical(estate));

    /// <summary>SHA-256 of a canonical form, in lower-case hexadecimal.</summary>
    public static string HashOf(string canonical) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
}
