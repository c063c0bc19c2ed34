// Calls operations through a generated client: one JSON request a line on standard input, one JSON answer a line on
// standard output. Names of operations and parameters are compared without case and underscores, so that it fits the
// client whatever the generator made of them.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	client "client.test/client"
)

type call struct {
	ID        int                 `json:"id"`
	Operation string              `json:"operation"`
	Path      map[string]string   `json:"path"`
	Query     map[string][]string `json:"query"`
	Headers   map[string]string   `json:"headers"`
	// Base64 of a JSON body.
	Body *string `json:"body"`
	// Parts of a form: text, or the base64 of a file.
	Form map[string]string `json:"form"`
}

type answer struct {
	ID int `json:"id"`
	// Empty when the client never sent anything.
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	// What the client said of the answer; empty when it took it.
	Error string `json:"error"`
	// Methods of the client that were used.
	Used []string `json:"used"`
	// Parameters that the client has no place for.
	Unplaced []string `json:"unplaced"`
}

type headersKey struct{}

// Adds what the generated client leaves to its caller.
type transport struct{}

func (transport) RoundTrip(request *http.Request) (*http.Response, error) {
	given, _ := request.Context().Value(headersKey{}).(map[string]string)
	for name := range request.Header {
		// Generated clients write names of headers as the contract does.
		if values := request.Header[name]; http.CanonicalHeaderKey(name) != name {
			delete(request.Header, name)
			request.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	for name, value := range given {
		if request.Header.Get(name) == "" {
			request.Header.Set(name, value)
		}
	}
	return http.DefaultTransport.RoundTrip(request)
}

func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

func main() {
	configuration := client.NewConfiguration()
	configuration.Servers = client.ServerConfigurations{{URL: os.Args[1]}}
	configuration.HTTPClient = &http.Client{
		Transport:     transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	operations := map[string]reflect.Value{}
	services := reflect.ValueOf(client.NewAPIClient(configuration)).Elem()
	for index := 0; index < services.NumField(); index++ {
		field := services.Field(index)
		if !field.CanInterface() || field.Kind() != reflect.Pointer {
			continue
		}
		for method := 0; method < field.NumMethod(); method++ {
			name := field.Type().Method(method).Name
			if !strings.HasSuffix(name, "Execute") {
				operations[plain(name)] = field.Method(method)
			}
		}
	}
	var lock sync.Mutex
	out := json.NewEncoder(os.Stdout)
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(nil, 256<<20)
	var running sync.WaitGroup
	for scanner.Scan() {
		var next call
		if err := json.Unmarshal(scanner.Bytes(), &next); err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		running.Add(1)
		go func() {
			defer running.Done()
			result := run(operations, next)
			lock.Lock()
			defer lock.Unlock()
			if err := out.Encode(result); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}()
	}
	running.Wait()
}

func run(operations map[string]reflect.Value, next call) (result answer) {
	result.ID = next.ID
	defer func() {
		if problem := recover(); problem != nil {
			result.Error = fmt.Sprint("driver: ", problem)
		}
	}()
	method, known := operations[plain(next.Operation)]
	if !known {
		result.Error = "driver: the client has no operation " + next.Operation
		return
	}
	ctx := context.WithValue(context.Background(), headersKey{}, next.Headers)
	request := method.Type().Out(0)
	arguments := []reflect.Value{reflect.ValueOf(ctx)}
	// Members that are no pointers are the parameters of the path, in the order of the arguments.
	for index := 2; index < request.NumField() && len(arguments) < method.Type().NumIn(); index++ {
		field := request.Field(index)
		if field.Type.Kind() == reflect.Pointer || (field.Type.Kind() == reflect.Map) {
			continue
		}
		text := ""
		for name, value := range next.Path {
			if plain(name) == plain(field.Name) {
				text = value
			}
		}
		value, err := valueOf(field.Type, []string{text})
		if err != nil {
			result.Error = "driver: " + err.Error()
			return
		}
		arguments = append(arguments, value)
	}
	built := method.Call(arguments)[0]
	placed := map[string]bool{}
	for index := 0; index < built.NumMethod(); index++ {
		name := built.Type().Method(index).Name
		if name == "Execute" {
			continue
		}
		setter := built.Method(index)
		wants := setter.Type().In(0)
		var value reflect.Value
		found := false
		var err error
		for key, values := range next.Query {
			if plain(key) == plain(name) {
				value, err = valueOf(wants, values)
				found, placed[key] = true, true
			}
		}
		for key, text := range next.Headers {
			if plain(key) == plain(name) && text != "" {
				value, err = valueOf(wants, []string{text})
				found = true
			}
		}
		for key, text := range next.Form {
			if plain(key) == plain(name) {
				value, err = formValue(wants, text)
				found, placed[key] = true, true
			}
		}
		if !found && next.Body != nil && !placed["body"] && !isParameter(next, name) {
			var bytes []byte
			if bytes, err = base64.StdEncoding.DecodeString(*next.Body); err == nil {
				target := reflect.New(wants)
				if wants.Kind() == reflect.String {
					target.Elem().SetString(string(bytes))
				} else {
					err = json.Unmarshal(bytes, target.Interface())
				}
				value = target.Elem()
			}
			found, placed["body"] = true, true
		}
		if err != nil {
			result.Error = "request: " + name + ": " + err.Error()
			return
		}
		if found {
			result.Used = append(result.Used, name)
			built = setter.Call([]reflect.Value{value})[0]
		}
	}
	for key := range next.Query {
		if !placed[key] {
			result.Unplaced = append(result.Unplaced, key)
		}
	}
	if next.Body != nil && !placed["body"] {
		result.Unplaced = append(result.Unplaced, "body")
	}
	outcome := built.MethodByName("Execute").Call(nil)
	if problem, _ := outcome[len(outcome)-1].Interface().(error); problem != nil {
		result.Error = problem.Error()
	}
	response, _ := outcome[len(outcome)-2].Interface().(*http.Response)
	if response == nil {
		return
	}
	result.Status = response.StatusCode
	result.Headers = map[string]string{}
	for name := range response.Header {
		result.Headers[strings.ToLower(name)] = response.Header.Get(name)
	}
	var body bytes.Buffer
	_, _ = io.Copy(&body, response.Body)
	result.Body = base64.StdEncoding.EncodeToString(body.Bytes())
	return
}

// isParameter tells whether a setter is for something else than the body, judged by the kind of its argument.
func isParameter(next call, name string) bool {
	if next.Operation == "" {
		return false
	}
	return strings.HasPrefix(plain(name), "xanchore") || plain(name) == "anchorerequestid" || knownParameters[plain(name)]
}

// Names of query parameters of the contract, given by the environment.
var knownParameters = func() map[string]bool {
	known := map[string]bool{}
	for _, name := range strings.Split(os.Getenv("PARAMETERS"), ",") {
		known[plain(name)] = true
	}
	return known
}()

func valueOf(kind reflect.Type, texts []string) (reflect.Value, error) {
	value := reflect.New(kind).Elem()
	text := ""
	if len(texts) > 0 {
		text = texts[len(texts)-1]
	}
	if kind == reflect.TypeOf(time.Time{}) {
		at, err := time.Parse(time.RFC3339Nano, text)
		return reflect.ValueOf(at), err
	}
	switch kind.Kind() {
	case reflect.String:
		value.SetString(text)
	case reflect.Bool:
		yes, err := strconv.ParseBool(text)
		if err != nil {
			return value, err
		}
		value.SetBool(yes)
	case reflect.Int, reflect.Int32, reflect.Int64:
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return value, err
		}
		value.SetInt(number)
	case reflect.Float32, reflect.Float64:
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return value, err
		}
		value.SetFloat(number)
	case reflect.Slice:
		var parts []string
		for _, one := range texts {
			parts = append(parts, strings.Split(one, ",")...)
		}
		for _, part := range parts {
			element, err := valueOf(kind.Elem(), []string{part})
			if err != nil {
				return value, err
			}
			value = reflect.Append(value, element)
		}
	default:
		return value, json.Unmarshal([]byte(text), value.Addr().Interface())
	}
	return value, nil
}

func formValue(kind reflect.Type, text string) (reflect.Value, error) {
	if kind != reflect.TypeOf(&os.File{}) {
		return valueOf(kind, []string{text})
	}
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return reflect.Value{}, err
	}
	file, err := os.CreateTemp("", "upload-*.json")
	if err != nil {
		return reflect.Value{}, err
	}
	if _, err := file.Write(bytes); err != nil {
		return reflect.Value{}, err
	}
	_, err = file.Seek(0, 0)
	return reflect.ValueOf(file), err
}
