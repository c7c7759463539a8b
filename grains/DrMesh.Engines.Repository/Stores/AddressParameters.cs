using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.Repository.Stores;

/// <summary>The <c>?name=value&amp;…</c> part of an address; an unknown name is an error.</summary>
internal sealed class AddressParameters
{
    private readonly Dictionary<string, string> _values = [];

    public AddressParameters(string address, string query, params string[] known)
    {
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            if (!known.Contains(name))
            {
                throw new DrMeshException(
                    DrMeshError.UsageInvalid, $"\"{address}\" has an unknown parameter {name}", $"known are {string.Join(", ", known)}");
            }

            _values[name] = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        }
    }

    public string? Get(string name) => _values.GetValueOrDefault(name);
}
