// A learning switch, for any number of switches and all versions of OpenFlow. Standard library only.
//
//	oftr jsonrpc --listen unix:/run/oftr/rpc.sock --openflow tcp:0.0.0.0:6653
//	go run examples/go/main.go /run/oftr/rpc.sock
//
// The daemon serves JSON-RPC 2.0 at a Unix socket, one text a line, and lives longer than this program: switches that are
// up when it starts are told as CHANNEL_UP, and what else it has to know it learns from PACKET_INs.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"sync"
)

// Object is a JSON object.
type Object map[string]any

// Text is a line from the daemon: a reply, which has an id, or an event.
type Text struct {
	ID     *uint64         `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *RPCError       `json:"error"`
	Params *Event          `json:"params"`
}

// RPCError says why a request was refused.
type RPCError struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

func (e *RPCError) Error() string { return fmt.Sprintf("%s (%d)", e.Message, e.Code) }

// Event is the params of an OFP.MESSAGE.
type Event struct {
	Type       string          `json:"type"`
	ConnID     uint64          `json:"conn_id"`
	DatapathID string          `json:"datapath_id"`
	Msg        json.RawMessage `json:"msg"`
}

// PacketIn is msg of a PACKET_IN. Ports and buffers are numbers or names: "LOCAL", "NO_BUFFER".
type PacketIn struct {
	InPort   any    `json:"in_port"`
	BufferID any    `json:"buffer_id"`
	Data     string `json:"data"`
}

// Gateway is a connection to the daemon.
type Gateway struct {
	socket  net.Conn
	mutex   sync.Mutex
	lastID  uint64
	waiting map[uint64]chan Text
}

// Request sends a request and waits for its result.
func (g *Gateway) Request(method string, params Object) (json.RawMessage, error) {
	answer := make(chan Text, 1)
	g.mutex.Lock()
	g.lastID++
	id := g.lastID
	g.waiting[id] = answer
	err := g.write(Object{"jsonrpc": "2.0", "id": id, "method": method, "params": params})
	g.mutex.Unlock()
	if err != nil {
		return nil, err
	}
	text, open := <-answer
	switch {
	case !open:
		return nil, net.ErrClosed
	case text.Error != nil:
		return nil, text.Error
	}
	return text.Result, nil
}

// Notify sends a message to a switch and asks for no answer. What goes wrong comes as a CHANNEL_ALERT.
func (g *Gateway) Notify(connID uint64, kind string, msg Object) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	params := Object{"conn_id": connID, "type": kind, "msg": msg}
	if err := g.write(Object{"jsonrpc": "2.0", "method": "OFP.SEND", "params": params}); err != nil {
		log.Fatal(err)
	}
}

func (g *Gateway) write(text Object) error {
	line, err := json.Marshal(text)
	if err != nil {
		return err
	}
	_, err = g.socket.Write(append(line, '\n'))
	return err
}

// Read hands replies to those who wait for them, and events to take, until the daemon ends.
func (g *Gateway) Read(take func(Event)) error {
	reader := bufio.NewReader(g.socket)
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			g.mutex.Lock()
			for id, answer := range g.waiting {
				delete(g.waiting, id)
				close(answer)
			}
			g.mutex.Unlock()
			return err
		}
		var text Text
		if err := json.Unmarshal(line, &text); err != nil {
			return err
		}
		if text.ID == nil {
			if text.Params != nil {
				take(*text.Params)
			}
			continue
		}
		g.mutex.Lock()
		answer := g.waiting[*text.ID]
		delete(g.waiting, *text.ID)
		g.mutex.Unlock()
		if answer != nil {
			answer <- text
		}
	}
}

// Switch is one switch: which address is behind which of its ports.
type Switch struct {
	gateway *Gateway
	connID  uint64
	name    string
	ports   map[string]any
}

func output(port any) []Object {
	return []Object{{"action": "OUTPUT", "port_no": port, "max_len": "NO_BUFFER"}}
}

func flow(priority int, match, actions []Object) Object {
	return Object{
		"command": "ADD", "table_id": 0, "priority": priority, "match": match,
		"instructions": []Object{{"instruction": "APPLY_ACTIONS", "actions": actions}},
	}
}

// begin forgets what others have told the switch; what no flow takes comes to us.
func (s *Switch) begin() {
	batch := Object{"conn_id": s.connID, "messages": []Object{
		{"type": "FLOW_MOD", "msg": Object{"command": "DELETE", "table_id": "ALL"}},
		{"type": "FLOW_MOD", "msg": flow(0, []Object{}, output("CONTROLLER"))},
	}}
	result, err := s.gateway.Request("OFP.SEND_BATCH", batch)
	var verdict struct{ OK int }
	if err == nil {
		err = json.Unmarshal(result, &verdict)
	}
	if err != nil || verdict.OK != 2 {
		log.Printf("%s: %v %s", s.name, err, result)
		return
	}
	fmt.Printf("%s: ready\n", s.name)
}

func (s *Switch) packetIn(event Event) {
	var in PacketIn
	if err := json.Unmarshal(event.Msg, &in); err != nil {
		log.Printf("%s: %v", s.name, err)
		return
	}
	frame, err := hex.DecodeString(in.Data)
	if err != nil || len(frame) < 14 {
		return
	}
	target, source := net.HardwareAddr(frame[0:6]).String(), net.HardwareAddr(frame[6:12]).String()
	if frame[6]&1 == 0 && s.ports[source] != in.InPort {
		s.ports[source] = in.InPort
		fmt.Printf("%s: %s is at port %v\n", s.name, source, in.InPort)
	}
	port, known := s.ports[target]
	if known && port == in.InPort {
		return
	}
	if known {
		match := []Object{{"field": "IN_PORT", "value": in.InPort}, {"field": "ETH_DST", "value": target}}
		mod := flow(10, match, output(port))
		mod["idle_timeout"] = 60
		s.gateway.Notify(s.connID, "FLOW_MOD", mod)
	} else {
		port = "FLOOD"
	}
	out := Object{"in_port": in.InPort, "actions": output(port)}
	// A switch that keeps the frame has sent the beginning of it only.
	if in.BufferID == "NO_BUFFER" {
		out["data"] = in.Data
	} else {
		out["buffer_id"] = in.BufferID
	}
	s.gateway.Notify(s.connID, "PACKET_OUT", out)
}

func main() {
	path := "/run/oftr/rpc.sock"
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	socket, err := net.Dial("unix", path)
	if err != nil {
		log.Fatal(err)
	}
	gateway := &Gateway{socket: socket, waiting: map[uint64]chan Text{}}
	switches := map[uint64]*Switch{}
	err = gateway.Read(func(event Event) {
		s := switches[event.ConnID]
		switch {
		case event.Type == "CHANNEL_UP":
			s = &Switch{gateway, event.ConnID, event.DatapathID, map[string]any{}}
			switches[event.ConnID] = s
			// Not here: meanwhile events have to be read.
			go s.begin()
		case event.Type == "CHANNEL_DOWN" && s != nil:
			delete(switches, event.ConnID)
			fmt.Printf("%s: down\n", s.name)
		case event.Type == "PACKET_IN" && s != nil:
			s.packetIn(event)
		case event.Type == "ERROR" || strings.HasSuffix(event.Type, "_ALERT"):
			log.Printf("%s: %s", event.Type, event.Msg)
		}
	})
	log.Fatal(err)
}
