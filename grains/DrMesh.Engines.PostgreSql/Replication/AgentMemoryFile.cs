using System.Text.Json;
using DrMesh.Contracts.Errors;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>
/// The agent's memory beside the data directory (<c>DATA.drmesh-agent.json</c>), not inside it, since a re-seed replaces that. A write is on the disk when it returns.
/// </summary>
internal sealed class AgentMemoryFile(string dataDirectory)
{
    private readonly string _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataDirectory)) + ".drmesh-agent.json";

    /// <summary>What was stored last; epoch 0 and not fenced when nothing was.</summary>
    /// <exception cref="DrMeshException">The file is there and cannot be read: an agent that forgot its epoch must not act.</exception>
    public AgentMemory Read()
    {
        try
        {
            return JsonSerializer.Deserialize<AgentMemory>(File.ReadAllBytes(_path)) ?? throw new JsonException("it is null");
        }
        catch (FileNotFoundException)
        {
            return new AgentMemory(0, false);
        }
        catch (JsonException damaged)
        {
            throw new DrMeshException(
                DrMeshError.StateUnreadable, $"the agent's memory {_path} cannot be read: {damaged.Message}",
                "put the cluster's epoch (drmesh cluster show) back into it as {\"Epoch\": N, \"IsFenced\": true}", damaged);
        }
    }

    /// <summary>Stores it durably.</summary>
    public void Write(AgentMemory memory) => DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(memory));
}
